/*
 * @test
 * @run main UnsetProperty ${test.wings}
 */
public class UnsetProperty {}
