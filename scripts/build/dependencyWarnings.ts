import type { HardhatPlugin } from "hardhat/types/plugins";
import type { CompilerOutputError } from "hardhat/types/solidity";

// The compiler's JSON says where an error is; Hardhat's type for it leaves that out.
type LocatedError = CompilerOutputError & { readonly sourceLocation?: { readonly file: string } };

const isAboutDependency = (error: LocatedError) =>
  error.severity !== "error" && (error.sourceLocation?.file.startsWith("npm/") ?? false);

/** Hides compiler warnings whose only location is a dependency; every warning about our own files, and every error, stays. */
export const quietDependencies: HardhatPlugin = {
  id: "healthchain-quiet-dependencies",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        async getCompilationJobErrors(context, job, output, next) {
          const errors = (output.errors ?? []).filter((error) => !isAboutDependency(error));
          return await next(context, job, { ...output, errors });
        },
      }),
    }),
  },
};
