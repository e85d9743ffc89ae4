package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Profile;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.util.regex.Pattern;

final class FlameGraphSvgTest {
    private static final Pattern CDATA =
            Pattern.compile("(?<=<!\\[CDATA\\[).*?(?=]]>)", Pattern.DOTALL);

    private final FlameGraphSvg writer = new FlameGraphSvg();

    @Test
    void smallProfileIsAsExpected() throws IOException {
        Golden.check("small.svg", graph(Profiles.small()));
    }

    @Test
    void threadsAreFramesWhenAskedFor() throws IOException {
        Golden.check("small-grouped.svg", graph(Profiles.smallGrouped()));
    }

    @Test
    void emptyProfileSaysSo() throws IOException {
        Golden.check("empty.svg", graph(Profiles.empty()));
    }

    @Test
    void deepProfileStaysLow() throws IOException {
        Golden.check("deep.svg", graph(Profiles.deep(10_000)));
    }

    @Test
    void hostileNamesAreOnlyText() throws IOException {
        String text = Golden.text(writer, Profiles.hostile());
        Document svg = Xml.parse(text);
        assertEquals(1, svg.getElementsByTagName("script").getLength());
        assertEquals(1, svg.getElementsByTagName("style").getLength());
        assertTrue(text.length() < 100_000, "long names are cut");
        assertTrue(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }

    @Test
    void scriptAndStyleSheetEndWhereTheyShould() throws IOException {
        Document svg = Xml.parse(Golden.text(writer, Profiles.small()));
        for (String name : new String[] {"script", "style"}) {
            String content = svg.getElementsByTagName(name).item(0).getTextContent();
            assertFalse(content.contains("</"), "must also do inside HTML: " + name);
        }
    }

    @Test
    void metadataIsJson() throws IOException {
        Document svg = Xml.parse(Golden.text(writer, Profiles.hostile()));
        String metadata = svg.getElementsByTagName("metadata").item(0).getTextContent();
        JsonNode json = JsonMapper.shared().readTree(metadata);
        assertEquals(22, json.get("accuracy").get("samples").intValue());
        assertEquals(1625, json.get("targets").get(0).get("pid").intValue());
    }

    @Test
    void nothingIsLoadedFromElsewhere() throws IOException {
        String text = Golden.text(writer, Profiles.small());
        String own =
                text.replace("http://www.w3.org/2000/svg", "")
                        .replace("http://www.w3.org/1999/xhtml", "");
        assertFalse(own.contains("http:") || own.contains("https:") || own.contains("url("));
        NodeList all = Xml.parse(text).getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            var attributes = all.item(i).getAttributes();
            for (int j = 0; j < attributes.getLength(); j++) {
                String name = attributes.item(j).getNodeName();
                assertFalse(name.startsWith("on") || name.endsWith("href"), name);
            }
        }
    }

    @Test
    void largeProfileIsQuickToOpen() throws IOException {
        String text = Golden.text(writer, Profiles.large(20_000));
        assertTrue(text.length() < 1_500_000, text.length() + " characters");
        Xml.parse(text);
    }

    /** Without the script and the style sheet, which have files of their own. */
    private String graph(Profile profile) throws IOException {
        return CDATA.matcher(Golden.text(writer, profile)).replaceAll("");
    }
}
