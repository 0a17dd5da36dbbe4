/*
 * @test
 * @run main -Dx=y OptionsWithoutOthervm
 */
public class OptionsWithoutOthervm {}
