import { LabError } from '../core/errors.ts';

/** A Jupyter that answered when asked for its version. */
export interface Jupyter {
  /** JupyterLab, or the notebook server (classic 6 or Notebook 7). */
  readonly kind: 'lab' | 'notebook';
  /** Absolute path of `jupyter-lab` or `jupyter-notebook`. */
  readonly command: string;
  readonly version: string;
  /** Where it came from, for people: `on PATH`, `in .venv`, `by apt-get`. */
  readonly origin: string;
}

export type Say = (text: string) => void;

/** `auto` takes the best there is; the others insist. */
export const UIS = ['auto', 'lab', 'notebook', 'classic', 'headless'] as const;
export type Ui = (typeof UIS)[number];

type Source = () => Promise<Jupyter | undefined>;

/** The places a Jupyter comes from. Each finds one, finds none, or throws why it cannot be had. */
export interface JupyterSources {
  readonly labInVenv: Source;
  readonly labOnPath: Source;
  readonly labByPip: Source;
  /** Notebook 7, the successor of the classic one; pip brings it beside JupyterLab. */
  readonly notebook7InVenv: Source;
  readonly notebook7OnPath: Source;
  readonly notebook7ByPip: Source;
  /** Whichever `jupyter-notebook` there is. */
  readonly notebookOnPath: Source;
  readonly notebookByApt: Source;
}

export interface JupyterChoice {
  /** Undefined: run the notebooks without one. */
  readonly jupyter: Jupyter | undefined;
  /** Why this one, in a sentence for people. */
  readonly reason: string;
}

const LAB = [
  ['labInVenv', 'no JupyterLab in .venv'],
  ['labOnPath', 'no JupyterLab 4 on PATH'],
  ['labByPip', 'no JupyterLab by pip'],
] as const;
const NOTEBOOK_7 = [
  ['notebook7InVenv', 'no Notebook 7 in .venv'],
  ['notebook7OnPath', 'no Notebook 7 on PATH'],
  ['notebook7ByPip', 'no Notebook 7 by pip'],
] as const;
const NOTEBOOK = [
  ['notebookOnPath', 'no jupyter-notebook on PATH'],
  ['notebookByApt', 'no jupyter-notebook by apt-get'],
] as const;

/**
 * Decides what the notebooks open in: JupyterLab 4 where it is there or pip can bring it, else Notebook 7 or the
 * classic one on PATH, else Debian's, else nothing. Sources behind the first that has one are not asked.
 *
 * @throws LabError `usage` when `ui` insists on one that cannot be had, with each reason
 */
export async function chooseJupyter(ui: Ui, sources: JupyterSources): Promise<JupyterChoice> {
  if (ui === 'headless') return { jupyter: undefined, reason: 'no Jupyter was asked for' };
  const misses: string[] = [];
  const wanted = { auto: [...LAB, ...NOTEBOOK], lab: LAB, notebook: NOTEBOOK_7, classic: NOTEBOOK }[
    ui
  ];
  for (const [source, miss] of wanted) {
    try {
      const jupyter = await sources[source]();
      if (jupyter) return { jupyter, reason: chosen(ui, misses) };
      misses.push(miss);
    } catch (error) {
      misses.push(`${miss} (${(error as Error).message})`);
    }
  }
  if (ui === 'auto') return { jupyter: undefined, reason: misses.join('; ') };
  throw new LabError(
    'usage',
    `--ui ${ui} cannot be had here: ${misses.join('; ')}; leave --ui out to take what there is`,
  );
}

function chosen(ui: Ui, misses: readonly string[]): string {
  if (ui !== 'auto') return 'it was asked for';
  return misses.length > 0 ? misses.join('; ') : 'it is the first choice';
}
