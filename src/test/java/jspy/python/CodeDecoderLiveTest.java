package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.LayoutCatalog;
import jspy.layout.PythonVersion;
import jspy.testing.LivePython;
import jspy.testing.Python;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class CodeDecoderLiveTest {
    static List<Python> pythons() {
        return Python.all().stream()
                .filter(p -> LayoutCatalog.isKnown(PythonVersion.of(p.major(), p.minor(), 0)))
                .filter(p -> p.major() == 3)
                .toList();
    }

    /** Prints "address first-line name qualname file", texts escaped, for each code object. */
    private static final String CODES =
            """
            import sys
            codes = []
            def add(source, file):
                scope = {}
                module = compile(source, file, 'exec')
                exec(module, scope)
                codes.append((module, '<module>'))
                for f in scope.values():
                    if hasattr(f, '__code__'):
                        codes.append((f.__code__, f.__qualname__))
                    elif isinstance(f, type):
                        codes.append((f.m.__code__, f.m.__qualname__))
            add('def f(): pass\\nclass A:\\n  def m(self): pass\\ng = lambda: 1', 'plain.py')
            add('\\n' * 700 + 'def gr\\u00fc\\u00df(): pass\\nclass K\\u00f6:\\n  def m(self): pass', 'd\\u00fcr.py')
            add('def \\u65e5\\u672c(): pass', '\\u65e5/\\u672c.py')
            add('def \\U00020000(): pass', '/tmp/\\U0001f40d.py')
            add('def %s(): pass' % ('n' * 5000), 'f' * 100000 + '.py')
            add('def f(): pass', 'surrogate\\udcff.py')
            def text(s):
                return s.encode('unicode_escape').decode('ascii')
            for c, qualname in codes:
                if not hasattr(c, 'co_qualname'):
                    qualname = c.co_name
                print(id(c), c.co_firstlineno, text(c.co_name), text(qualname), text(c.co_filename))
            print('end')
            sys.stdin.read()
            """;

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void namesAndLinesAreWhatPythonSays(Python python) throws Exception {
        try (LivePython target =
                LivePython.starting(python.command("-u", "-c", "exec(" + quoted(CODES) + ")"))) {
            List<String> lines = target.linesUpTo("end");
            PythonRuntime runtime = new RuntimeFinder(target.target(), target.memory()).find();
            CodeCopier copier = new CodeCopier(target.memory(), runtime.offsets());
            CodeDecoder decoder = new CodeDecoder(runtime.offsets(), runtime.version());
            for (String line : lines) {
                copier.request(Long.parseLong(line.split(" ")[0]));
            }
            copier.copy();
            assertEquals(lines.size(), copier.requested());
            for (int i = 0; i < lines.size(); i++) {
                String[] said = lines.get(i).split(" ");
                CodeInfo info = decoder.decode(copier.take(i));
                assertEquals(Integer.parseInt(said[1]), info.firstLine(), lines.get(i));
                assertEquals(Escapes.decode(said[2]), info.name());
                assertEquals(Escapes.decode(said[3]), info.qualname());
                assertEquals(Escapes.decode(said[4]).replace('\udcff', '\ufffd'), info.filename());
                assertTrue(info.whole(), lines.get(i));
                assertTrue(info.lineAt(0) >= info.firstLine(), lines.get(i));
            }
        }
    }

    private static String quoted(String program) {
        return "'''" + program.replace("\\", "\\\\") + "'''";
    }
}
