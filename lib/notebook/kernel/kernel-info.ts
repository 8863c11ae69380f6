import { PROTOCOL_VERSION } from '../wire/message.ts';
import { stock } from './typescript-shim.ts';

/** How the kernel introduces itself; editors colour its cells by this. */
export const KERNEL_INFO = {
  status: 'ok',
  protocol_version: PROTOCOL_VERSION,
  implementation: 'streamscalp-lab',
  implementation_version: '0.1.0',
  banner: `TypeScript ${stock.version} on Node ${process.versions.node}`,
  help_links: [],
  language_info: {
    name: 'typescript',
    version: stock.version,
    mimetype: 'text/typescript',
    file_extension: '.ts',
    // Classic notebook and JupyterLab find their TypeScript mode by this combination.
    codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
  },
} as const;
