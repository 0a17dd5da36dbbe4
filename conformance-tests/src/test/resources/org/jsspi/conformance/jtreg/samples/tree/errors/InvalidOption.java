/*
 * @test
 * @run main/otherwm InvalidOption
 */
public class InvalidOption {}
