package common;

public class Common {
    public static final String NAME = new String("common");
}
