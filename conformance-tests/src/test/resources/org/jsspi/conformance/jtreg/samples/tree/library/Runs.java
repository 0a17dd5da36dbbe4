/*
 * @test
 * @summary the class with the main is a library's
 * @library /common
 * @run main common.Entry one two
 */
