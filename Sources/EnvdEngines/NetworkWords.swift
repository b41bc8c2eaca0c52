/// How tools written in Python say that the network was the trouble: requests, urllib3 and httpx, in pip, poetry and
/// pipenv.
enum NetworkWords {
    private static let words = [
        "Failed to establish a new connection", "NewConnectionError", "ConnectTimeout", "ReadTimeout", "Read timed out",
        "ProxyError", "name resolution", "Name or service not known", "Max retries exceeded", "Connection refused",
        "Connection aborted", "Connection reset by peer", "RemoteDisconnected", "IncompleteRead", "incomplete-download",
        "All attempts to connect to", "Network is unreachable", "Server Error: ", "error responses",
        "HTTP error 500", "HTTP error 502", "HTTP error 503", "HTTP error 504", "429 Client Error",
    ]

    static func appear(in text: String) -> Bool { words.contains { text.contains($0) } }
}
