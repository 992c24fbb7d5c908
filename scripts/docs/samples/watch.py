"""Prints what an agent of Sluice does: python3 watch.py STATE_FOLDER"""

import json
import socket
import sys


def send(connection, method, params, number=1):
    body = json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()
    connection.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)


def messages(connection):
    stream = connection.makefile("rb")
    while header := stream.readline():
        length = int(header.split(b":")[1])
        stream.readline()
        yield json.loads(stream.read(length))


agent = socket.socket(socket.AF_UNIX)
agent.connect(sys.argv[1] + "/agent.sock")
send(agent, "watch", {"topics": ["transition", "gate"]})
for message in messages(agent):
    params = message.get("params", {})
    match message.get("method"):
        case "transition":
            print(params["at"], params["file"]["source"], params["to"], flush=True)
        case "gate":
            print(params["at"], params["route"], params["gate"]["operator"], flush=True)
        case "goodbye":
            print("the agent ended the connection:", params["reason"], flush=True)
        case None if "error" in message:
            sys.exit(message["error"]["message"])
