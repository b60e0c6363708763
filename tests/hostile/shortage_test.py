"""A process without file descriptors."""
import time
import unittest

from support import Server, eventually, main


class Shortage(unittest.TestCase):
    def test_64_descriptors_and_200_clients(self):
        with Server(descriptors=64) as server:
            crowd = [server.connect() for _ in range(200)]
            eventually(lambda: 'cannot accept connections' in server.logged())
            began, cpu = time.monotonic(), server.cpu_seconds()
            time.sleep(2)
            seconds = time.monotonic() - began
            self.assertLess((server.cpu_seconds() - cpu) / seconds, 0.10)
            lines = server.logged().count('cannot accept connections')
            self.assertLessEqual(lines, 2 * (seconds + 2))  # a second and shard
            for client in crowd:
                client.close()
            began = time.monotonic()
            eventually(lambda: served(server))
            self.assertLess(time.monotonic() - began, 1)


def served(server):
    try:
        return server.connect().get('/healthz')[0] == 200
    except (AssertionError, OSError):
        return False


if __name__ == '__main__':
    main()
