"""A contender's side of the conversation; see serve.ts."""

import json
import os
import sys
import time

import numpy as np


class Work:
    """The work this process was started for: `python FILE FOLDER WORK.json [VARIANT]`."""

    def __init__(self):
        self.folder = sys.argv[1]
        with open(sys.argv[2]) as file:
            self.__dict__.update(json.load(file))
        self.variant = sys.argv[3] if len(sys.argv) > 3 else None

    def column(self, name):
        return np.fromfile(os.path.join(self.folder, name + ".f64"), count=self.rows)


def serve(version, run, prove, peak_mb=lambda: None):
    """
    Answers `run` with seconds, and `prove FOLDER` when (rows, values) of prove() are written there. `peak_mb` tells the
    memory of runs that are processes of their own.
    """
    # What a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(value):
        answers.write("=> " + json.dumps(value) + "\n")
        answers.flush()

    answer({"version": version})
    for line in sys.stdin:
        order, _, folder = line.strip().partition(" ")
        if order == "prove":
            rows, values = prove()
            np.asarray(rows, dtype=np.int32).tofile(os.path.join(folder, "rows.i32"))
            np.asarray(values, dtype=np.float64).tofile(os.path.join(folder, "values.f64"))
            answer({})
        else:
            started = time.perf_counter()
            run()
            answer({"seconds": time.perf_counter() - started, "peakMb": peak_mb()})
