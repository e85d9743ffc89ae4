package jspy.output;

import jspy.profile.Profile;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a profile in one format; equal profiles give equal bytes. */
public interface ProfileWriter {
    /** Writes all of it and flushes; the stream stays open. */
    void write(Profile profile, OutputStream out) throws IOException;
}
