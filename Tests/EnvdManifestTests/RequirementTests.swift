import EnvdCore
import EnvdManifest
import Testing

@Suite("One requirement")
struct RequirementTests {
    @Test(
        "is written in one way",
        arguments: [
            ("requests", "requests"),
            ("Django_Rest.Framework", "django-rest-framework"),
            ("zope..interface", "zope-interface"),
            ("requests >= 2.8.1 , == 2.8.*", "requests==2.8.*,>=2.8.1"),
            ("requests(>=1,<2)", "requests<2,>=1"),
            ("requests (>=1)", "requests>=1"),
            ("uvicorn [Standard, dev_x,dev-x]", "uvicorn[dev-x,standard]"),
            ("uvicorn[]", "uvicorn"),
            ("a~=1.4.2", "a~=1.4.2"),
            ("a>1,", "a>1"),
            ("a===1.0-weird", "a===1.0-weird"),
            ("a!=1!2.0+local.1", "a!=1!2.0+local.1"),
            ("a;python_version<'3.9'", "a; python_version < \"3.9\""),
            (
                "a ;  ( os_name=='nt'or sys_platform  ==\"win32\" )and extra=='x'",
                "a; (os_name == \"nt\" or sys_platform == \"win32\") and extra == \"x\""
            ),
            ("a; 'linux' in sys_platform", "a; \"linux\" in sys_platform"),
            ("a; platform_machine not   in 'x\"y'", "a; platform_machine not in 'x\"y'"),
            ("a; sys.platform == 'x'", "a; sys_platform == \"x\""),
            (
                "pip @ https://example.org/pip-1.3.1.zip#sha1=da9234ee ; python_version>'3'",
                "pip @ https://example.org/pip-1.3.1.zip#sha1=da9234ee ; python_version > \"3\""
            ),
            ("Pip[Tls]@https://example.org/a;b.zip", "pip[tls] @ https://example.org/a;b.zip"),
            (
                "x @ git+ssh://git@example.org/x.git@v1#subdirectory=s",
                "x @ git+ssh://git@example.org/x.git@v1#subdirectory=s"
            ),
        ])
    func normalised(written: String, expected: String) throws {
        #expect(try layer("requirements.txt", written).requirements == [expected])
    }

    @Test(
        "is refused with its file and line where it cannot be understood",
        arguments: [
            "a b", "a==", "a=1", "a>1,,<2", "a==abc", "a[x", "a[-]", "a; python_version", "a; python_version <",
            "a; (python_version < '3'", "a; python_version < '3')", "a; python_version < '3", "a; colour == 'red'",
            "a; os_name == 'x' and", "a; not os_name", "a @", "a @ ; os_name == 'x'", "-a", "[x]", "a-",
            "a; os_name => '1'",
            "é==1", "a; \u{1F600}", "==1", "a @ b c",
        ])
    func refused(written: String) throws {
        let project = try SampleProject(["requirements.txt": "fine\n\n\(written)\n"])
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.location?.file == project.root / "requirements.txt")
        #expect(diagnostic.location?.line == 3)
        #expect(diagnostic.message.hasPrefix("could not read `requirements.txt`: "))
        #expect(diagnostic.hint == "mend the file: it is read again when it is saved")
    }
}
