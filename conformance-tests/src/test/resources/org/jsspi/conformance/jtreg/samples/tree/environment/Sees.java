/*
 * @test
 * @run main/othervm -Dsaid=yes -cp ${test.src}${/}elsewhere Sees ${test.file} ${test.src}
 * @run driver Sees ${test.file} ${test.src} driver
 */
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

public class Sees {
    public static void main(String[] args) throws Exception {
        Path source = Path.of(System.getProperty("test.src"));
        check(Files.exists(source.resolve("Sees.java")), "test.src");
        check(Files.exists(Path.of(System.getProperty("test.classes"), "Sees.class")), "test.classes");
        check(args[0].equals(System.getProperty("test.file")), "test.file");
        check(args[1].equals(source.toString()), "${test.src}");
        check(source.equals(Path.of(System.getProperty("test.root"), "environment")), "test.root");
        check(System.getProperty("test.class.path").contains(System.getProperty("test.classes")), "test.class.path");
        check(System.getProperty("test.jdk").equals(System.getProperty("java.home")), "test.jdk");
        check(System.getProperty("test.name").equals("environment/Sees.java"), "test.name");
        check(System.in.read() == -1, "System.in");
        if (args.length == 2) {
            check("yes".equals(System.getProperty("said")), "-D");
            check(Sees.class.getResource("/note.txt") != null, "-cp");
            Path mine = Path.of("mine.txt");
            check(!Files.exists(mine), "the working directory is empty");
            Files.writeString(mine, "here");
        } else {
            check(Files.exists(Path.of("mine.txt")), "the actions of one test share its directory");
        }
        check(List.of("scratch").contains(new File("").getAbsoluteFile().getParentFile().getName()), "user.dir");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
