/*
 * @test
 * @summary two engines of whatever provider is preferred agree and exchange data
 * @library /lib
 */
public class EngineEcho {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(null);
        loopback.client.send(loopback.server, "hello");
        loopback.settle();
        Loopback.expect(loopback.server.text().equals("hello"), "what the client sent");
        loopback.server.send(loopback.client, "good bye");
        loopback.settle();
        Loopback.expect(loopback.client.text().equals("good bye"), "what the server sent");
    }
}
