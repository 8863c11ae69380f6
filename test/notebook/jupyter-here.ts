import { join } from 'node:path';
import { chooseJupyter, type Jupyter, type Ui } from '@streamscalp/lib/notebook/jupyter-choice';
import { jupyterSources } from '@streamscalp/lib/notebook/jupyter-install';
import { whileLocked } from '@streamscalp/lib/store/write-lock';
import { PROJECT_ROOT } from '../support/shared-data.ts';

/** The Jupyter of this machine, as `npm start` would find or bring it; undefined where it cannot be had. */
export async function jupyterHere(ui: Ui): Promise<Jupyter | undefined> {
  // One test file at a time makes the .venv; the others find it.
  const folder = join(PROJECT_ROOT, 'out');
  const look = async () => {
    try {
      return (
        await chooseJupyter(
          ui,
          jupyterSources(PROJECT_ROOT, () => {}),
        )
      ).jupyter;
    } catch {
      return undefined;
    }
  };
  // Two minutes is the patience of the lock; pip may take longer on a slow machine.
  return whileLocked(folder, look).catch(() => whileLocked(folder, look));
}
