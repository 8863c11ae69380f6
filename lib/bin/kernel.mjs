// The notebook kernel, as `.jupyter/kernels/lab/kernel.json` starts it.
import '../dist/notebook/kernel/launcher.js';
