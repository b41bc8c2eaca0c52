/// What is put before PyPI's `packaging` and before this module: one piece a line, good and bad ones together.
enum PackagingCorpus {
    static let versions = lines(
        #"""
        1
        1.0
        1.0.0
        1.0.0.0.1
        01.002.0003
        v1.0
        V2
        0!1.0
        1!0.5
        2!1
        1!!2
        !1
        1.0a1
        1.0.alpha.1
        1.0-ALPHA
        1.0_beta-2
        1.0b
        1.0c1
        1.0rc1
        1.0RC2
        1.0pre
        1.0preview3
        1.0.pre-4
        1.0a1.post2
        1.0a1.dev3
        1.0rc1.post1.dev2
        1.0.post
        1.0.post1
        1.0-1
        1.0-r2
        1.0.rev_3
        1.0post4
        1.0.post1.dev4
        1.0.dev
        1.0.dev1
        1.0-dev-2
        1.0dev3
        1.0.dev456
        1.0.dev-
        1.0a-
        1.0a.-1
        1.0+abc
        1.0+ABC.01
        1.0+abc.7
        1.0+abc-7_x
        1.0+7
        1.0+10
        1.0+abc.def
        1.0+
        1.0+.a
        1.0+a..b
        1.0+ä
        1.0.post1+local
        1.0a1+local.1
        20240101.1
        99999999999999999999.1
        99999999999999999999999999999999999
        1.2.3.4.5.6.7.8
        1.2.3.4.5.6.7.9
        1.0.
        .1
        1..2
        1.0-
        1.0.x
        1.0-2-3
        1.0alphabet
        a1.0
        v
        vv1
        1.0 dev1
        1,0
        1.0*
        1.*
        ١.٢
        latest
        0
        0.0
        0.dev0
        3.13.0rc1
        3.11.2
        """#)

    static let specifiers = lines(
        #"""
        >=1.0
        > 1.0
        >=1.0,<2
        <2,>=1.0
        >=1.0,>=1.0
        ,>=1.0,
        ==1.0
        ==1
        ==1.0.*
        ==1.0.0.*
        ==1.*
        == 1.0 .*
        !=1.0
        !=1.0.*
        !=1.1.*
        ~=1.0
        ~=1.0.0
        ~=1.0.post1
        ~=1.0rc1
        ~=1
        ~=1.0.*
        ~=1.0+local
        >1
        >1.0.post1
        >1.0.dev1
        >1.0a1
        >1.0rc1
        >1!0
        >=1!0
        ==1!0.5
        ==1!0.*
        <1.0
        <1.0.post1
        <1.0a1
        <1.0.dev1
        <1.0rc1
        <0.dev0
        <=1.0
        <=1.0.post1
        <=1.0a1
        >=1.0a1
        >=1.0.dev1
        >=1.0.post1
        ==1.0+abc
        ==1.0+ABC
        !=1.0+abc
        ==1.0.post1
        ==1.0a1
        ==1.0-1
        ==1.0.dev1
        ===1.0
        ===1.0.0
        ===latest
        ===LATEST
        ===1.0+ABC
        === 1.0
        ===
        ===1.0,>=1
        ===a b
        >=1.0+abc
        <1.0+abc
        >=1.0.*
        ==1.0a1.*
        ==1.0.post1.*
        ==1.0+abc.*
        ==*
        =1.0
        =>1.0
        <>1.0
        1.0
        >=
        >=x
        >=1.0 <2
        >=1.0;<2
        (>=1.0)
        >=v1.0
        >=V1
        >=01.0
        >=99999999999999999999
        >=1.0, !=1.5.*, <2.0, !=1.0.post1
        >=3.8,!=3.9.*,<4
        >=2026.11.21
        ~=2.2.post3
        ~=1.4.5a4
        ~=2.2.0
        >=1.0.0.0
        ≥1.0
        """#)

    static let candidates = lines(
        #"""
        0.9
        1
        1.0
        1.0.0
        1.0.1
        1.0.dev0
        1.0.dev1
        1.0.dev2
        1.0a1
        1.0a1.post1
        1.0a2
        1.0b1
        1.0rc1
        1.0rc2
        1.0.post1
        1.0.post1.dev1
        1.0.post2
        1.0+abc
        1.0+abc.1
        1.0.post1+abc
        1.0a1+abc
        1.1
        1.1.dev1
        1.1.5
        1.4.5
        1.4.5a4
        1.5.2
        1.9.9
        2
        2.0a1
        2.0.dev1
        2.2
        2.2.post3
        2.3
        3.8
        3.9.1
        3.12
        1!0
        1!0.5
        1!1.0
        0.dev0
        2026.11.21
        99999999999999999999
        LATEST
        latest
        not a version
        """#)

    static let markers = lines(
        #"""
        python_version < "3.9"
        python_version<'3.9'
        python_version >= "3.11" and python_version < "3.13"
        python_version >= '3.11' and python_version < '3.13' or sys_platform == 'win32'
        (python_version < "3.9")
        ((python_version < "3.9"))
        (os_name == 'nt' or sys_platform == 'linux') and python_version > '3'
        os_name == 'nt' or (sys_platform == 'linux' and python_version > '3')
        ((os_name == 'nt' or sys_platform == 'linux')) and (python_version > '3')
        (os_name == 'nt')or(os_name=='posix')
        os_name=='nt'or os_name=='posix'
        python_version == "3.11"
        python_version == "3.11.*"
        python_version != "3.1.*"
        python_version ~= "3.8"
        python_version ~= "3"
        python_version === "3.11"
        python_version in "3.10 3.11 3.12"
        python_version not in "3.10 3.11"
        python_version not    in "3.10"
        python_version notin "3.10"
        python_version not "3.10"
        "3.11" <= python_version
        "3.9" > python_version
        "3.1" in python_version
        python_full_version >= "3.11.0rc1"
        python_full_version < "3.14.0a1"
        python_full_version == "3.14.0b2"
        implementation_version >= "3.11"
        implementation_name == "cpython"
        implementation_name != 'pypy'
        platform_python_implementation == "CPython"
        python_implementation == "CPython"
        platform.python_implementation == "CPython"
        platform_machine == "x86_64"
        platform_machine in "x86_64 aarch64"
        platform_machine not in 'arm64'
        'x86' in platform_machine
        platform.machine == "x86_64"
        platform_release >= "5.10"
        platform_release == "6.1.0-13-amd64"
        platform_release < "7"
        platform_version == "#1 SMP"
        platform.version != ""
        platform_system == "Linux"
        platform_system < "Mac"
        platform_system <= "Linux"
        platform_system >= "Windows"
        platform_system ~= "Linux"
        platform_system === "Linux"
        sys_platform == "linux"
        sys.platform == "linux"
        os.name == "posix"
        os_name > "a"
        os_name in "posix"
        "" in os_name
        os_name in ""
        os_name == "3.0"
        os_name == sys_platform
        os_name == os_name
        "a" == "b"
        "3.8" == "3.8"
        extra == "test"
        extra == "Test_Extra"
        "TEST-extra" == extra
        extra != "test"
        extra in "test dev"
        "test" in extra
        extra > "a"
        "test" in extras
        "Test.Extra" in extras
        "test" not in extras
        extras == "test"
        "test" == extras
        "test" != extras
        "test" ~= extras
        "dev" in dependency_groups
        "Dev_Group" in dependency_groups
        "docs" not in dependency_groups or "test" in extras
        python_version > "not a version"
        python_version == "not a version"
        python_version < ""
        python_version >= " 3.8 "
        python_version >= "3.8" and
        and python_version >= "3.8"
        python_version
        python_version >=
        python_version => "3.8"
        python_version <> "3.8"
        python_version >== "3.8"
        python_version >= 3.8
        python_version >= "3.8
        python_version >= "3.8'
        (python_version >= "3.8"
        python_version >= "3.8")
        ()
        python_version >= "3.8" python_version
        python_version >= "3.8" xor os_name == "nt"
        python_version >= "3.8" AND os_name == "nt"
        pythonversion >= "3.8"
        python_versions >= "3.8"
        colour == "red"
        os_name == 'a"b'
        os_name == "it's"
        os_name == "tab\there"
        os_name == "posi\x78"
        os_name == "back\\slash"
        os_name == "trailing\"
        os_name == "\d"
        os_name == "é"
        not os_name == "nt"
        os_name == "nt" or os_name == "posix" and python_version < "3"
        (os_name == "nt" or os_name == "posix") and (python_version < "3" or (sys_platform == "linux" and extra == "x"))
        extra == 'a' or extra == 'B.b' and (extra == 'c')
        """#)

    static let requirements = lines(
        #"""
        requests
        Requests
        Django_Rest.Framework
        zope..interface
        a
        9lives
        A-_-B
        requests>=2
        requests >= 2.8.1 , == 2.8.*
        requests(>=1,<2)
        requests (>=1)
        requests ( >= 1 , < 2 )
        requests()
        requests (>=1
        requests >=1)
        requests (>=1),<2
        requests>=1,
        requests>=1,,<2
        requests,>=1
        requests>=1 <2
        requests==1.*
        requests>=1.*
        requests~=1
        requests~=1.4.2
        requests===1.0-weird
        requests===
        requests=1
        requests==
        requests==abc
        requests!=1!2.0+local.1
        requests>1.0+local
        requests 1.0
        requests<>1.0
        requests>=1.0rc1,!=1.0.post1
        uvicorn[standard]
        uvicorn[Standard, dev_x,dev-x]
        uvicorn [ a , b ] >=1
        uvicorn[]
        uvicorn[ ]
        uvicorn[a,]
        uvicorn[,a]
        uvicorn[a b]
        uvicorn[a
        uvicorn[-]
        uvicorn[a][b]
        requests; python_version < "3.9"
        requests;python_version<'3.9'
        requests ;  ( os_name=='nt'or sys_platform  =="win32" )and extra=='x'
        requests>=1; extra == "Socks_5"
        requests[a]>=1,<2; python_version > "3" and (os_name == "nt" or os_name == "posix")
        requests;
        requests; python_version
        requests; colour == 'red'
        requests python_version < "3"
        pip @ https://example.org/pip-1.3.1.zip#sha1=da9234ee
        pip @ https://example.org/pip-1.3.1.zip#sha1=da9234ee ; python_version>'3'
        Pip[Tls]@https://example.org/a;b.zip
        pip @ https://example.org/pip.zip; python_version > '3'
        pip @ https://example.org/pip.zip ;
        pip @ git+ssh://git@example.org/x.git@v1#subdirectory=s
        pip @ file:///srv/wheels/pip-1.0-py3-none-any.whl
        pip @ ./relative.whl
        pip@x
        pip @
        pip @ a b
        pip >=1 @ https://example.org/x.zip
        pip[a] @ https://example.org/x.zip
        pip @ https://example.org/x.zip >=1
        -requests
        _requests
        requests-
        requests.
        requests_
        requests-_
        [x]
        ==1
        a b
        é
        réquests
        a==1 # comment
        a @ https://example.org/${TOKEN}/x.whl
        a ; os_name == 'x"y'
        a>=1;python_version in "3.8 3.9"
        a; 'linux' in sys_platform
        a; platform_machine not   in 'x'
        a; sys.platform == 'x'
        a
        """#)

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }
}
