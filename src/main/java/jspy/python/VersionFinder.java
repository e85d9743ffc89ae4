package jspy.python;

import jspy.binary.BinaryFormatException;
import jspy.layout.PythonVersion;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which CPython a file is, where it does not say so in a {@code _Py_DebugOffsets}: {@code
 * Py_Version} (3.11 on), the text that {@code Py_GetVersion} made in the file's data when the
 * interpreter started, and last the file's name, which knows no patch release.
 */
final class VersionFinder {
    /**
     * {@code Py_GetVersion}, Python/getversion.c: {@code 3.8.18 (default, Nov 1 2026, …}, {@code
     * 3.13.0rc1+ (…}.
     */
    private static final Pattern TEXT =
            Pattern.compile(
                    "(?<![\\d.])([23])\\.(\\d{1,2})\\.(\\d{1,3})(?:(a|b|rc|c)(\\d{1,2}))?\\+?"
                            + " (?:experimental free-threading build |free-threading build )?"
                            + "\\([^()\\x00]{3,80}\\)");

    private static final Pattern FILE_NAME = Pattern.compile("python([23])\\.(\\d{1,2})(t?)(d?)");

    /** The text begins within such a piece; pieces overlap by the longest text. */
    private static final int PIECE_BYTES = 1 << 20;

    private static final int MAX_TEXT_BYTES = 256;

    private final Peek peek;

    VersionFinder(Peek peek) {
        this.peek = peek;
    }

    /**
     * @param how for people
     * @param exact false when the patch release is not known
     */
    record Found(PythonVersion version, String how, boolean exact) {}

    Optional<Found> find(PythonFile file) throws BinaryFormatException {
        Optional<Found> symbol = bySymbol(file);
        return symbol.isPresent() ? symbol : byText(file).or(() -> byName(file));
    }

    /** By the text in its data alone. */
    Optional<Found> byText(PythonFile file) {
        for (PythonFile.Range range : file.writable()) {
            long size = Math.min(range.sizeBytes(), RuntimeScan.MAX_SCAN_BYTES);
            for (long at = 0; at < size; at += PIECE_BYTES) {
                long wanted = Math.min(PIECE_BYTES + MAX_TEXT_BYTES, size - at);
                byte[] piece = peek.bytes(range.address() + at, (int) wanted);
                if (piece.length == 0) {
                    break;
                }
                Optional<PythonVersion> version =
                        parse(new String(piece, StandardCharsets.ISO_8859_1));
                if (version.isPresent()) {
                    return Optional.of(new Found(version.get(), "its version text", true));
                }
            }
        }
        return Optional.empty();
    }

    /** The version in a text that holds one as {@code Py_GetVersion} writes it. */
    static Optional<PythonVersion> parse(CharSequence text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        int level =
                switch (matcher.group(4)) {
                    case null -> 0xF;
                    case "a" -> 0xA;
                    case "b" -> 0xB;
                    default -> 0xC;
                };
        int serial = matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5));
        return Optional.of(
                new PythonVersion(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)),
                        level,
                        serial,
                        matcher.group().contains("free-threading build"),
                        false));
    }

    // internals

    private Optional<Found> bySymbol(PythonFile file) throws BinaryFormatException {
        OptionalLong address = file.address("Py_Version");
        if (address.isEmpty() || !peek.load(address.getAsLong(), Integer.BYTES)) {
            return Optional.empty();
        }
        PythonVersion version = PythonVersion.fromHex(peek.int32(0) & 0xFFFF_FFFFL, false, false);
        return version.major() == 3
                ? Optional.of(new Found(version, "Py_Version", true))
                : Optional.empty();
    }

    private static Optional<Found> byName(PythonFile file) {
        Matcher matcher = FILE_NAME.matcher(file.mapping().fileName());
        if (!matcher.find()) {
            return Optional.empty();
        }
        PythonVersion version =
                new PythonVersion(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        0,
                        0xF,
                        0,
                        !matcher.group(3).isEmpty(),
                        !matcher.group(4).isEmpty());
        return Optional.of(new Found(version, "the file's name", false));
    }
}
