internal import Glibc

exit(Supervisor.main())
