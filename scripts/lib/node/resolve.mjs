// Loaded with `node --import`: lets the tests import packages that lie outside of the source tree.
// Bare names asked for by a file outside of any node_modules are looked up from the folder
// HYDRANT_NODE_PACKAGES, where scripts/lib/node.sh put them.

import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const packages = process.env.HYDRANT_NODE_PACKAGES;
const isBare = (specifier) => /^(?:@[\w.-]+\/)?[\w-]/.test(specifier) && !/^[a-z]+:/.test(specifier);

if (packages) {
  const from = pathToFileURL(join(packages, 'tests.mjs')).href;
  registerHooks({
    resolve(specifier, context, next) {
      const ours = isBare(specifier) && context.parentURL && !context.parentURL.includes('/node_modules/');
      return next(specifier, ours ? { ...context, parentURL: from } : context);
    },
  });
}
