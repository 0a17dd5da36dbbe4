package common;

public class Entry {
    public static void main(String[] args) {
        if (args.length != 2) {
            throw new IllegalArgumentException();
        }
    }
}
