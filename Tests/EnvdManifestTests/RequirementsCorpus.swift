/// Requirements files that are put before pip's own reader and before envd's: one a line, `␤` for a line feed,
/// `␍` for a carriage return, `␌` for a form feed, `␉` for a tab.
enum RequirementsCorpus {
    static let files = lines(
        #"""
        six
        Six==1.17.0
        six>=1, <2
        six >= 1 , != 1.5 , < 2
        six~=1.10
        six===1.17.0
        six==1.*
        six>1,
        six>1,,<2
        six=1.0
        six==
        six 1.0
        six>=1.x
        six<>1
        requests[security]
        requests[Security,tests]>=2.8.1,==2.8.*
        requests [ security , tests ] >= 2
        requests[]
        requests[
        requests[security tests]
        requests(>=1,<2)
        requests (>=1
        zope.interface
        zope..interface
        A_b-C.d
        -six
        six-
        _six
        é
        six; python_version < "3"
        six;python_version<"3"
        six ; (os_name == 'nt' or os_name == 'posix') and python_version > '3'
        six;
        six ;
        six ; ;
        six; python_version
        six; python_version >
        six; colour == "red"
        six; extra == "Foo_Bar"
        six; python_version < "3" # note
        six # a note
        six# no note
        # only a note
        ␉  # a note after blanks
        six␉# a note after a tab
        six #
        six @ https://example.org/six-1.17.0-py2.py3-none-any.whl
        six @ https://example.org/six-1.17.0.tar.gz#sha256=aa ; python_version > "3"
        six@https://example.org/six-1.17.0.tar.gz
        six[a] @ https://example.org/six.zip
        six @ git+https://example.org/six.git@v1#subdirectory=python
        six @ git+ssh://git@example.org/six.git
        six @ file:///srv/six
        six @ ./pkg
        six @ https://example.org/six.zip;python_version>"3"
        six @ https://example.org/a;b.zip
        six @
        six @ https://example.org/a b
        https://example.org/six-1.17.0-py2.py3-none-any.whl
        https://example.org/six-1.17.0-py2.py3-none-any.whl ; python_version > "3"
        https://example.org/six-1.17.0-py2.py3-none-any.whl; python_version > "3"
        https://example.org/six-1.17.0-py2.py3-none-any.whl#sha256=abcdef
        https://example.org/six.whl
        https://example.org/six-1.17.0.tar.gz
        https://example.org/six-1.17.0.tar.gz#egg=six
        https://example.org/six.zip#egg=six&subdirectory=python
        https://example.org/six.zip#subdirectory=python&egg=six
        https://example.org/six.zip#egg=not valid
        https://example.org/six.zip#egg=six==1
        https://example.org/six.zip#egg=six[extra]
        http://example.org:8080/six.zip
        ftp://example.org/six.zip
        git+https://example.org/six.git
        git+https://example.org/six.git@main
        git+https://example.org/six.git@0123abc#egg=six
        git+https://user:secret@example.org/six.git@v1.0#egg=Six_X&subdirectory=a/b
        git+ssh://git@example.org/six.git#egg=six
        git+file:///srv/six.git#egg=six
        hg+https://example.org/six#egg=six
        hg+static-http://example.org/six@tip#egg=six
        svn+https://example.org/svn/six/trunk@2019#egg=six
        svn+svn://example.org/six#egg=six
        bzr+lp:six#egg=six
        bzr+https://example.org/six@1#egg=six
        git+gopher://example.org/six
        ./pkg
        ./pkg[a,b]
        ./pkg ; python_version > "3"
        ./pkg;python_version > "3"
        pkg/sub
        ./pkg/
        .
        ./nowhere
        ./wheels/six-1.17.0-py2.py3-none-any.whl
        wheels/six-1.17.0-py2.py3-none-any.whl
        six-1.17.0-py2.py3-none-any.whl
        six-1.17.0-1-py2.py3-none-any.whl
        six-1.17.0+local.1-py2.py3-none-any.whl
        six-1.17.0.whl
        x.whl
        ./x.whl
        six-1.17.0.tar.gz
        six-1.17.0.tar.gz ; python_version > "3"
        six-1.17.0.zip
        six-1.17.0.tar.bz2
        six-1.17.0.tgz
        six-1.17.0.tar.xz
        file:///srv/six-1.17.0.tar.gz
        file:///srv/six-1.17.0-py2.py3-none-any.whl
        file:///srv/with%20blank/six-1.17.0.tar.gz
        file:./pkg
        file:pkg
        file://localhost/srv/six.zip
        file://elsewhere/srv/six.zip
        six @ file://elsewhere/srv/six.zip
        wheels#1/six-1.17.0-py2.py3-none-any.whl
        six-1.17#egg=x.tar.gz
        $HOME/six
        --i https://example.org/simple
        --no-binary :six
        -e ./pkg
        -e pkg
        -e pkg/sub
        -e .
        -e./pkg
        --editable ./pkg
        --editable=./pkg
        -e "./pkg"
        -e './pkg[a]'
        -e ./pkg[a,B]
        -e ./pkg # note
        -e ./pkg ; python_version > "3"
        -e ./pkg --config-settings a=b
        -e file:///srv/six
        -e git+https://example.org/six.git#egg=six
        -e git+https://example.org/six.git@v1#egg=six&subdirectory=python
        -e git+ssh://git@example.org/six.git@v1#egg=six
        -e hg+https://example.org/six#egg=six
        -e git+https://example.org/six.git
        -e "six @ git+https://example.org/six.git"
        -e "six[a] @ git+https://example.org/six.git ; python_version > '3'"
        -e six @ git+https://example.org/six.git
        -e https://example.org/six.zip
        -e
        --editable
        -e ''
        six==1 --hash=sha256:aa
        six==1 --hash sha256:aa
        six==1 --hash=sha256:bb --hash=sha256:aa
        six==1 \␤    --hash=sha256:bb \␤    --hash=sha384:aa
        six==1 \␍␤    --hash=sha256:bb \␍␤    --hash=sha512:aa
        six==1; python_version > "3" --hash=sha256:aa
        six==1 ; python_version > "3" \␤  --hash=sha256:aa  # note
        six==1 --hash=sha256:bb --hash=sha256:bb
        six==1 --hash=md5:aa
        six==1 --hash=sha256
        six==1 --hash=sha1:aa
        six==1 --hash
        six==1 --hash=
        six==1␉--hash=sha256:aa
        https://example.org/six.zip --hash=sha256:aa
        --hash=sha256:aa
        six --config-settings key=value
        six --config-settings "key=a value"
        six --config-settings=b=1 --config-settings=a=1 --config-settings=b=2
        six -C key=value
        six --config-setting key=value
        six --config-settings nothing
        six --global-option="--quiet"
        six --bogus
        six --pre
        six --index-url https://example.org/simple
        six --no-binary six
        -i https://example.org/simple
        -ihttps://example.org/simple
        --index-url https://example.org/simple
        --index-url=https://example.org/simple
        --pypi-url=https://example.org/simple
        --index https://example.org/simple
        --index-url "https://example.org/simple"
        --index-url
        --index-url https://example.org/a␤--index-url https://example.org/b
        --index-url https://example.org/a --index-url https://example.org/b
        --extra-index-url https://example.org/a␤--extra-index-url https://example.org/b
        --extra-index-url https://example.org/b --extra-index-url https://example.org/a
        --extra-index-url https://example.org/a --index-url https://example.org/b
        --extra-index-url https://example.org/a␤--index-url https://example.org/b
        --no-index
        --no-index␤--index-url https://example.org/a
        --index-url https://example.org/a␤--no-index
        --no-index=1
        --find-links wheels
        -f wheels
        -fwheels
        --find-links=./wheels
        --find-links https://example.org/links.html
        -f wheels -f https://example.org/links.html
        -f wheels␤-f https://example.org/links.html
        -f "wheels"
        -f 'wheels
        --no-binary :all:
        --no-binary=Six_X,flask
        --only-binary :all: --no-binary six
        --no-binary six␤--only-binary :all:
        --only-binary :none:
        --no-binary -x
        --pre
        --pre=1
        --pre six
        --prefer-binary
        --prefer
        --all-releases six,Flask_X
        --only-final :all:
        --require-hashes
        --no-require-hashes
        --re
        --trusted-host example.org
        --trusted-host example.org:8080 --pre
        --use-feature fast-deps
        --use-feature nothing-that-is-known
        --bogus
        --bogus=1
        -z
        -
        --
        --timeout 5
        -r nested.txt
        -rnested.txt
        -r=nested.txt
        -r "nested.txt"
        --requirement nested.txt
        --requirement=nested.txt
        --req nested.txt
        -r ./pkg/../nested.txt
        -r gone.txt
        -r
        -r nested.txt -r gone.txt
        -r nested.txt # note
        -c limits.txt
        -c limits.txt␤six
        --constraint=limits.txt
        -r pkg/inner.txt
        -r case.txt
        six␤flask
        six␍␤flask␍␤
        six␍flask
        six␌flask
        six␌
        six \␤ >=1
        six\␤>=1
        six \␤# note␤flask
        six \
        six \␤
        \␤six
        six \ ␤flask
        # note \␤six
        six # note \␤flask
        ␤␤  six␤
        six>=1 \␤  ,<2 \␤  ; python_version > "3"
        six==${NOTHING_SET}
        six==$NOTHING_SET
        https://${NOTHING_SET}@example.org/six.zip
        --index-url https://${NOTHING_SET}@example.org/simple
        six; os_name == "${NOTHING_SET}"
        """#)

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            String(line).replacing("␤", with: "\n").replacing("␍", with: "\r").replacing("␌", with: "\u{0C}")
                .replacing("␉", with: "\t")
        }
    }
}
