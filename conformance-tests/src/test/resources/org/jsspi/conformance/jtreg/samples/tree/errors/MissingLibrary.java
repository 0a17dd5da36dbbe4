/*
 * @test
 * @library /nowhere
 */
public class MissingLibrary {}
