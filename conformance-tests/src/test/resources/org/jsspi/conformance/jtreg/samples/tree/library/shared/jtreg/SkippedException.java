package jtreg;

public class SkippedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SkippedException(String message) {
        super(message);
    }
}
