// Importing node:http as a module reads its lazy WebSocket getters and so loads all of undici (10 to 20 ms of a cold start).
module.exports = process.getBuiltinModule("node:http");
