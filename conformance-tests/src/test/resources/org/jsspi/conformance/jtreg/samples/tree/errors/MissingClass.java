/*
 * @test
 * @run main Nowhere
 */
public class MissingClass {}
