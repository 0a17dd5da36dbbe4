package shared;

public class Shared {
    public static final String NAME = new String("shared");
}
