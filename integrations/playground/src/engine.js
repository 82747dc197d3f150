// The engine as the page sees it: functions that a worker carries out, so that the page stays responsive.
import workerScript from "worker";

const workerUrl = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));

/** An error from the engine. The findings are those about the configuration. */
export class EngineError extends Error {
  constructor({ message, findings }) {
    super(message);
    this.findings = findings;
  }
}

/** A worker with the engine. */
export class Engine {
  #worker = new Worker(workerUrl);
  #calls = new Map();
  #nextId = 0;

  constructor() {
    this.#worker.addEventListener("message", ({ data: { id, result, error, progress } }) => {
      const call = this.#calls.get(id);
      if (progress !== undefined) return call.onProgress?.(progress);
      this.#calls.delete(id);
      if (error === undefined) call.resolve(result);
      else call.reject(new EngineError(error));
    });
    this.#worker.addEventListener("error", (event) => {
      for (const call of this.#calls.values()) call.reject(new EngineError({ message: event.message || "the engine does not start in this browser" }));
      this.#calls.clear();
    });
  }

  /** Calls a method of the worker. */
  call(method, argument, onProgress) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, onProgress });
      this.#worker.postMessage({ id, method, argument });
    });
  }

  /** Ends the worker at once, with whatever it does. */
  stop() {
    this.#worker.terminate();
    for (const call of this.#calls.values()) call.reject(new EngineError({ message: "stopped" }));
    this.#calls.clear();
  }
}
