package jspy.python;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * File names as people name modules: {@code /usr/lib/python3.11/json/decoder.py} is {@code
 * json/decoder.py}, because the folder above {@code json} has no {@code __init__.py}. Asked of the
 * disk as the target sees it; every folder once. One thread uses it.
 */
public final class ShortNames {
    private static final String PACKAGE_MARK = "__init__.py";

    private final Path root;
    private final Map<String, Boolean> isPackage = new HashMap<>();
    private final Map<String, String> shortNames = new HashMap<>();

    /**
     * @param root the target's root: {@code /proc/PID/root}, or {@code /}
     */
    public ShortNames(Path root) {
        this.root = root;
    }

    /**
     * The file name without the folders that are no packages; as it is where it names no absolute
     * path.
     */
    public String of(String fileName) {
        // a made-up name is not kept: a program may make them up without end
        return fileName.startsWith("/")
                ? shortNames.computeIfAbsent(fileName, this::shorten)
                : fileName;
    }

    // internals

    private String shorten(String fileName) {
        int begin = fileName.lastIndexOf('/');
        while (begin > 0 && isPackage(fileName.substring(0, begin))) {
            begin = fileName.lastIndexOf('/', begin - 1);
        }
        return fileName.substring(begin + 1);
    }

    private boolean isPackage(String folder) {
        return isPackage.computeIfAbsent(folder, this::hasMark);
    }

    private boolean hasMark(String folder) {
        try {
            return Files.exists(root.resolve(folder.substring(1)).resolve(PACKAGE_MARK));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
