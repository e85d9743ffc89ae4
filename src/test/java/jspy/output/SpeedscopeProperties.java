package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;

final class SpeedscopeProperties {
    @Property(tries = 300)
    void fileIsValidWhateverTheNames(@ForAll HostileProfile hostile) throws IOException {
        String text = Golden.text(new Speedscope(), hostile.profile());
        assertEquals(0, SpeedscopeSchema.errors(text).size());
        JsonNode file = JsonMapper.shared().readTree(text);
        int frames = file.get("shared").get("frames").size();
        JsonNode samples = file.get("profiles").get(0).get("samples");
        assertEquals(hostile.samples(), samples.size());
        for (int i = 0; i < samples.size(); i++) {
            assertEquals(2 + hostile.stacks().get(i).size(), samples.get(i).size());
            for (JsonNode frame : samples.get(i)) {
                assertEquals(frame.intValue(), Math.floorMod(frame.intValue(), frames));
            }
        }
    }
}
