/* @test */
public class HasNoMain {}
