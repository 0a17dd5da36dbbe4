/*
 * @test
 * @key unheard-of
 */
public class InvalidKey {}
