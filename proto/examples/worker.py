#!/usr/bin/env python3
"""A worker in Python, to show that the worker protocol is all one needs.

It takes runs from a gateway and answers each with {"echo": <the event's body>}; it executes no
workflow language. From the project's folder, with Debian's python3-protobuf and protobuf-compiler:

    protoc --python_out=/tmp/words proto/worker.proto proto/records.proto     # once
    PYTHONPATH=/tmp/words python3 proto/examples/worker.py DATA/executors.sock

Start the gateway with --executors 0 to see that it is this worker that answers.
"""
import os
import socket
import struct
import sys
import threading
import time

from proto import records_pb2, worker_pb2

FRAME_BYTES_MAX = 64 * 1024 * 1024


class Link:
    """Frames over a Unix socket: 4 bytes of length, little endian, then the message."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.sending = threading.Lock()

    def send(self, frame):
        data = frame.SerializeToString()
        with self.sending:
            self.socket.sendall(struct.pack("<I", len(data)) + data)

    def receive(self):
        (size,) = struct.unpack("<I", self.exactly(4))
        if size > FRAME_BYTES_MAX:
            raise ValueError("frame too long")
        frame = worker_pb2.Frame()
        frame.ParseFromString(self.exactly(size))
        return frame

    def exactly(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                sys.exit(0)  # the gateway is gone
            data += piece
        return data


def greet(link):
    frame = worker_pb2.Frame()
    frame.hello.protocol = 1
    frame.hello.name = "python"
    frame.hello.version = "example"
    frame.hello.slots = 64
    frame.hello.pid = os.getpid()
    link.send(frame)
    welcome = link.receive().welcome
    if welcome.refused:
        sys.exit(f"refused: {welcome.refused}")
    return welcome.heartbeat_ms / 1000


def beat(link, every_s):
    while True:
        frame = worker_pb2.Frame()
        frame.heartbeat.running = 0
        link.send(frame)
        time.sleep(every_s)


def answer(received, reply):
    """A run's end for each dispatch. The fence goes back with it: a stale one is ignored."""
    for dispatch in received.dispatches:
        finished = reply.finished.add(run=dispatch.run, fence=dispatch.fence)
        finished.outcome.status = records_pb2.SUCCEEDED
        finished.outcome.body = b'{"echo":' + dispatch.body + b"}"
    for lint in received.lints:  # it cannot tell a good definition from a bad one
        finding = worker_pb2.Finding(severity="error", message="this worker checks no definitions")
        reply.lint_reports.add(cookie=lint.cookie, findings=[finding], sound=False)


def main():
    link = Link(sys.argv[1])
    every_s = greet(link)
    threading.Thread(target=beat, args=(link, every_s), daemon=True).start()
    while True:
        reply = worker_pb2.Frame()
        received = link.receive()
        answer(received, reply)
        if reply.finished or reply.lint_reports:
            link.send(reply)


if __name__ == "__main__":
    main()
