package import EnvdCore
internal import EnvdSystem

/// Asks a Python what it is.
package struct InterpreterProbe: Sendable {
    package let context: EngineContext
    /// Trees whose programs are never run: projects and generations.
    package let excluding: [Path]

    package init(context: EngineContext, excluding: [Path]) {
        self.context = context
        self.excluding = excluding
    }

    /// Three lines: the implementation, the version, the executable below any virtual environment.
    private static let question = """
        import os, sys
        v = sys.version_info
        phase = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc'}.get(v.releaselevel)
        print(sys.implementation.name)
        print('%d.%d.%d' % v[:3] + ('%s%d' % (phase, v.serial) if phase else ''))
        print(os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable))
        """

    /// The real interpreter behind a program called python: pyenv's shims and links lead to it.
    ///
    /// - Returns: nil where the program does not run, is no CPython, or lies where nothing may be run.
    package func ask(_ program: Path) async -> Interpreter? {
        guard let real = try? FileSystem.canonical(program), isAllowed(program), isAllowed(real) else { return nil }
        let command = Command(
            executable: program, arguments: ["-I", "-c", ByteString(Self.question)],
            environment: EngineEnvironment(context).values, workingDirectory: context.temporary,
            writable: [context.temporary])
        let answer = await context.memory.answer(of: program, to: "interpreter") {
            let result = await context.runner.run(command, onLine: { _ in })
            return result.succeeded ? result.standardOutput : nil
        }
        guard let answer else { return nil }
        let lines = ByteString(answer).split(separator: UInt8(ascii: "\n"))
        guard lines.count >= 3, lines[0] == "cpython" else { return nil }
        let path = Path(lines[2])
        guard path.isAbsolute, isAllowed(path), let status = try? FileSystem.status(path) else { return nil }
        return Interpreter(path: path, version: lines[1].description, device: status.device, inode: status.inode)
    }

    /// Not below a project or a generation, and in no virtual environment, whoever made it.
    package func isAllowed(_ program: Path) -> Bool {
        !isExcluded(program) && !FileSystem.exists(program.parent.parent / "pyvenv.cfg")
    }

    /// Below a project or a generation.
    package func isExcluded(_ program: Path) -> Bool { excluding.contains { program.isWithin($0) } }

    /// The user's PATH, first directory first, without relative ones and those where nothing may be run.
    package var searchPath: [Path] {
        let path = context.userEnvironment["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? EngineEnvironment.plainPath
        var seen: Set<Path> = []
        return path.split(separator: UInt8(ascii: ":")).map { Path($0) }.filter { directory in
            guard directory.isAbsolute, seen.insert(directory).inserted else { return false }
            guard let real = try? FileSystem.canonical(directory) else { return false }
            return isAllowed(directory / "python") && isAllowed(real / "python")
        }
    }
}
