/*
 * @test
 * @run mane InvalidAction
 */
public class InvalidAction {}
