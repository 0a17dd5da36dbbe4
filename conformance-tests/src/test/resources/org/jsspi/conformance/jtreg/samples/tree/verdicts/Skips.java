/*
 * @test
 * @library ../library/shared
 */
public class Skips {
    public static void main(String[] args) {
        throw new jtreg.SkippedException("nothing to test here");
    }
}
