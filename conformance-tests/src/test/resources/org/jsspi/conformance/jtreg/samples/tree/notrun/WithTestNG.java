/*
 * @test
 * @run testng WithTestNG
 */
public class WithTestNG {}
