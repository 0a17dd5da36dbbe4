/*
 * @test
 * @summary org.jsspi.keyLogFile writes the secrets of every connection in the form of RFC 9850; without it nothing is written
 * @run main/othervm -Dorg.jsspi.keyLogFile=secrets.txt KeyLogFile
 * @run main/othervm KeyLogFile none
 */
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import org.jsspi.provider.JsspiProvider;

public class KeyLogFile {
    public static void main(String[] args) throws Exception {
        Path file = Path.of("secrets.txt");
        Files.deleteIfExists(file);
        Loopback.established(new JsspiProvider());
        if (args.length > 0) {
            Loopback.expect(!Files.exists(file), "no file");
            return;
        }
        List<String> lines = Files.readAllLines(file);
        Loopback.expect(lines.size() == 10 && new HashSet<>(lines).size() == 5, "both sides log the same: " + lines);
        for (String line : lines) {
            Loopback.expect(line.matches("[A-Z_0]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})"), "a line: " + line);
        }
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            Loopback.expect(permissions.equals("rw-------"), "for its owner only and not " + permissions);
        }
    }
}
