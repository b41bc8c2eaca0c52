/// What a program in another language does with the control socket: the `varlink` package of PyPI, its command line, and
/// a look at every reply that the package itself does not take: whether it is what the interface file says, and no more.
enum VarlinkClient {
    /// Prints what held, a line a claim. Its argument is a file with `root`, where a project will be, `other`, a directory
    /// of its own, and `socket`.
    static let program = #"""
        import json, os, socket, subprocess, time, varlink
        from varlink import scanner

        given = json.load(open(sys.argv[1]))
        root, other = given["root"], given["other"]
        address = "unix:" + given["socket"]
        name = "dev.envd.Control"
        client = varlink.Client(address)
        interface = client.get_interface(name)
        service = client.get_interface("org.varlink.service")
        seen, claims = set(), {}

        def check(type, value, where, types):
            """The value is of the type, and has nothing that the type does not name."""
            if isinstance(type, scanner._Maybe):
                if value is not None:
                    check(type.element_type, value, where, types)
            elif isinstance(type, scanner._CustomType):
                check(types.members[type.name].type, value, where, types)
            elif isinstance(type, scanner._Struct):
                assert isinstance(value, dict), (where, value)
                assert not set(value) - set(type.fields), (where, set(value) - set(type.fields))
                for field, its in type.fields.items():
                    assert field in value or isinstance(its, scanner._Maybe), (where, field)
                    check(its, value.get(field), where + "." + field, types)
            elif isinstance(type, scanner._Array):
                assert isinstance(value, list), (where, value)
                for index, element in enumerate(value):
                    check(type.element_type, element, f"{where}[{index}]", types)
            elif isinstance(type, scanner._Enum):
                assert value in type.fields, (where, value, list(type.fields))
            else:
                assert value.__class__ is type.__class__, (where, value)

        class Connection:
            """varlink's own framing and errors, without what its client leaves out of replies."""
            def __init__(self):
                self.handler = client.open(name)

            def send(self, method, parameters=None, **flags):
                call = {"method": method if "." in method else name + "." + method, **flags}
                if parameters is not None:
                    call["parameters"] = parameters
                self.handler._send_message(json.dumps(call).encode())

            def reply(self, method, of=interface):
                try:
                    value, continues = self.handler._next_varlink_message()
                except varlink.VarlinkError as error:
                    last = error.error().rpartition(".")
                    types = interface if last[0] == name else service
                    check(types.members[last[2]].type, error.parameters(), error.error(), types)
                    raise
                check(of.get_method(method).out_type, value, method, of)
                return value, continues

            def call(self, method, **parameters):
                self.send(method, parameters)
                value, continues = self.reply(method)
                assert not continues
                seen.add(method)
                return value

            def error(self, method, parameters=None, **flags):
                self.send(method, parameters, **flags)
                try:
                    self.reply(method.rpartition(".")[2])
                except varlink.VarlinkError as error:
                    return [error.error().rpartition(".")[2], error.parameters()]

        def write(text):
            with open(root + "/new", "w") as file:
                file.write(text)
            os.rename(root + "/new", root + "/pyproject.toml")

        def manifest(*packages):
            return '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = %s\n' % json.dumps(packages)

        # The service, by the package's own client and command line.
        client.get_interfaces()
        info = client.info
        claims["info"] = [info["vendor"], info["product"], info["interfaces"]]
        tool = lambda *words, **more: subprocess.run(
            [sys.executable, "-u", "-m", "varlink.cli", *words], env={**os.environ, "PYTHONPATH": sys.path[0]}, text=True,
            capture_output=True, **more)
        claims["tool info"] = name in tool("info", address).stdout
        claims["tool help"] = tool("help", address + "/" + name).stdout == interface.get_description() + "\n"
        claims["tool call"] = json.loads(tool("call", f"{address}/{name}.Status", "{}").stdout)["projects"]

        # Every method, by hand and with as little as may be given.
        one = Connection()
        claims["dry run"] = one.call("Allow", directory=root, isDryRun=True)["isDryRun"]
        assert one.call("Status", directory=root)["projects"][0]["state"] == "not allowed"
        write(manifest("idna==3.6"))
        one.call("HandOver", variables=[[key, value] for key, value in os.environ.items() if key != "HOME"])

        # Who watches a project of which nothing is known sees it come.
        watch = Connection()
        watch.send("Monitor", {"directory": root}, more=True)
        first, continues = watch.reply("Monitor")
        claims["before"] = [continues, first["projects"][0]["state"]]
        assert not one.call("Allow", directory=root)["wasAllowed"]

        def until(watch, wanted, mayFail=False):
            states = []
            while True:
                report, continues = watch.reply("Monitor")
                assert continues
                for project in report["projects"]:
                    states.append([project["state"], (project.get("build") or {}).get("phase")])
                    if wanted(project):
                        return states
                    assert mayFail or project["state"] != "failed", project

        number = lambda project: (project.get("current") or {}).get("number")
        until(watch, lambda project: project["state"] == "ready" and number(project) == 1)
        assert one.call("Wait", directory=root, timeoutMilliseconds=300000)["project"]["state"] == "ready"

        # An edit, seen by the tool and by the watch.
        tool_watch = subprocess.Popen(
            [sys.executable, "-u", "-m", "varlink.cli", "call", "--more", f"{address}/{name}.Monitor", "{}"],
            env={**os.environ, "PYTHONPATH": sys.path[0]}, text=True, stdout=subprocess.PIPE)
        while "}\n" != tool_watch.stdout.readline():
            pass
        write(manifest("idna==3.7"))
        states = until(watch, lambda project: project["state"] == "ready" and number(project) == 2)
        claims["edit"] = [["building", "installing"] in states, states[-1][0]]
        text = ""
        while '"number": 2' not in text:
            text += tool_watch.stdout.readline()
        tool_watch.kill()
        tool_watch.wait()
        claims["tool watch"] = '"phase": "installing"' in text

        for method in ["Log", "Environment", "History", "Diff", "Engines", "Lock", "Rollback"]:
            one.call(method, **({} if method == "Engines" else {"directory": root}))
        assert one.call("Status")["projects"][0]["rolledBack"]["to"] == 1
        assert one.call("Status", directory=root, brief=None, notOfThisVersion=[1])["projects"][0]["root"] == root
        assert one.call("CollectGarbage", isDryRun=True, kept=0)["items"]
        # What a lock file pins is not updated.
        os.remove(root + "/uv.lock")
        for method in ["Wait", "Build", "Update", "Wait"]:
            one.call(method, directory=root)

        # Errors are exceptions that say what they are about.
        claims["failed"] = one.error("Log", {"directory": "/nowhere"})
        claims["no parameters"] = one.error("Log")
        claims["wrong type"] = one.error("Log", {"directory": {"a": 1}})
        claims["wrong inside"] = one.error("HandOver", {"variables": [["A", 3.5]]})
        claims["relative"] = one.error("Log", {"directory": "p"})
        claims["method"] = one.error("Nope")
        claims["interface"] = one.error("com.example.Ping")
        claims["description"] = one.error("org.varlink.service.GetInterfaceDescription", {"interface": "com.example"})
        claims["more"] = one.error("Monitor")
        claims["upgrade"] = one.error("Status", {}, upgrade=True)
        claims["negative"] = one.error("CollectGarbage", {"isDryRun": True, "kept": -1})
        # No reply to what wants none, errors included; one reply to `more` where there is but one.
        one.send("Status", {}, oneway=True)
        one.send("Log", {"directory": "/nowhere"}, oneway=True)
        one.send("Monitor", {}, oneway=True, more=True)
        one.send("Log", {"directory": root}, more=True)
        claims["oneway"] = one.reply("Log")[1]

        # A name that is no UTF-8 is text all the same.
        odd = other.encode() + b"/\xff"
        os.makedirs(odd)
        open(odd + b"/requirements.txt", "w").close()
        claims["odd"] = one.call("Status", directory="\0" + odd.hex())["projects"][0]["root"] == "\0" + odd.hex()

        # What watches everything is told of a project that goes, and ends when its client ends its side.
        everything = Connection()
        everything.send("Monitor", {"directory": None, "brief": True}, more=True)
        everything.reply("Monitor")
        assert one.call("Deny", directory=root)["project"]["state"] == "denied"
        one.call("Forget", directory=root)
        until(everything, lambda project: project["state"] == "forgotten" and project["root"] == root)
        until(watch, lambda project: project["state"] == "forgotten")
        everything.handler._connection.shutdown(socket.SHUT_WR)
        claims["end"] = everything.reply("Monitor")[1]

        # One that does not read misses what was between, and is told the last state when it does.
        deep = "/".join(["d" * 250] * 10)
        os.makedirs(other + "/big/" + deep)
        with open(other + "/big/requirements.txt", "w") as file:
            for number in range(64):
                open(f"{other}/big/{deep}/{number}", "w").close()
                file.write(f"-r {deep}/{number}\n")
        # More files than are followed: nothing is built, and each answer is long.
        slow = Connection()
        slow.send("Monitor", {}, more=True)
        for _ in range(5):
            one.call("Allow", directory=other + "/big")
            assert one.call("Wait", directory=other + "/big")["project"]["state"] == "failed"
            one.call("Deny", directory=other + "/big")
            time.sleep(0.1)
        one.call("Forget", directory=other + "/big")
        claims["slow"] = len(until(slow, lambda project: project["state"] == "forgotten", mayFail=True)) < 6

        seen.add("Monitor")
        one.call("Stop")
        # The connection ends with the process.
        claims["gone"] = watch.handler._connection.recv(1) == b""
        assert seen == {key for key, member in interface.members.items() if isinstance(member, scanner._Method)}
        claims["methods"] = sorted(seen)
        for claim, value in claims.items():
            print(claim + ":", json.dumps(value))

        """#
}
