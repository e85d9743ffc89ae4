package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.CallTree;
import jspy.profile.Profile;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.w3c.dom.Document;

import java.io.IOException;

final class FlameGraphSvgProperties {
    @Property(tries = 300)
    void fileIsWellFormedWhateverTheNames(@ForAll HostileProfile hostile) throws IOException {
        Profile profile = hostile.profile();
        String text = Golden.text(new FlameGraphSvg(), profile);
        Document svg = Xml.parse(text);
        assertEquals(1, svg.getElementsByTagName("script").getLength());
        assertEquals(1, svg.getElementsByTagName("style").getLength());
        assertEquals(1, svg.getElementsByTagName("metadata").getLength());
        assertTrue(text.codePoints().allMatch(FlameGraphSvgProperties::isPlain));
        if (hostile.samples() > 0) {
            CallTree tree = CallTree.of(profile);
            FlameGraphLayoutTest.checkGeometry(tree, FlameGraphLayout.of(tree));
        }
    }

    private static boolean isPlain(int codePoint) {
        return codePoint == '\n'
                || !Character.isISOControl(codePoint)
                        && Character.getType(codePoint) != Character.FORMAT
                        && Character.getType(codePoint) != Character.SURROGATE;
    }
}
