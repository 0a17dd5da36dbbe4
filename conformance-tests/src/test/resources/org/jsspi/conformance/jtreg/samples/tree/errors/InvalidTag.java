/*
 * @test
 * @sumary misspelt
 */
public class InvalidTag {}
