package jspy.output;

import jspy.profile.Frame;

import java.util.Locale;

/**
 * The colour of a frame, always the same for the same function: the file chooses the hue from red
 * to yellow, the function the shade.
 *
 * <p>Frames carry a class ({@code c0} …) and a style sheet gives the classes a fill for light and
 * for dark surroundings, both with a contrast to their text of 4.5 and more.
 */
final class FlameColors {
    private static final int HUES = 9;
    private static final int SHADES = 4;

    /** The hues lie evenly between these, in degrees: from tomato to mustard. */
    private static final int FIRST_HUE = 8;

    private static final int LAST_HUE = 50;

    private FlameColors() {}

    /** The class of a frame's fill. */
    static String className(Frame frame) {
        if (frame.isMark()) {
            return frame.label().startsWith("[") || frame.label().startsWith("<")
                    ? "mark"
                    : "group";
        }
        int hue = Math.floorMod(spread(frame.file().hashCode()), HUES);
        int shade = Math.floorMod(spread(frame.function().hashCode() * 31 + 7), SHADES);
        return "c" + (hue * SHADES + shade);
    }

    /** The style sheet's part for all classes. */
    static String styleSheet() {
        StringBuilder light = new StringBuilder();
        StringBuilder dark = new StringBuilder();
        for (int hue = 0; hue < HUES; hue++) {
            int degrees = FIRST_HUE + hue * (LAST_HUE - FIRST_HUE) / (HUES - 1);
            for (int shade = 0; shade < SHADES; shade++) {
                int name = hue * SHADES + shade;
                light.append(rule(name, degrees, 92 - 5 * shade, 66 + 4 * shade));
                dark.append(rule(name, degrees, 62 + 4 * shade, 54 + 4 * shade));
            }
        }
        return light + "@media (prefers-color-scheme: dark) {\n" + dark + "}\n";
    }

    // internals

    private static String rule(int name, int hue, int saturation, int lightness) {
        return String.format(
                Locale.ROOT,
                ".jspy-flame .c%d rect { fill: hsl(%d, %d%%, %d%%) }\n",
                name,
                hue,
                saturation,
                lightness);
    }

    /** String hashes of like names are alike; their colours should not be. */
    private static int spread(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85EBCA6B;
        return mixed ^ mixed >>> 13;
    }
}
