package org.jsspi.conformance.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A new file for secrets. */
final class OwnersFile {
    private OwnersFile() {}

    /** Makes an empty file that only its owner can read, where the file system knows owners; it must not be there yet. */
    static void create(Path path) throws IOException {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (UnsupportedOperationException withoutPosixPermissions) {
            Files.createFile(path);
        }
    }
}
