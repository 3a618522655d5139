// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @notice What the consent registry keeps of a patient's wallet beside its grants, in one storage slot:
 *
 *     bits 0-39 allRevokedAt | 40-47 breakGlassOptOut | 224-255 counter
 *
 * `allRevokedAt` is when the wallet last revoked everything, in seconds; 0 for never. `counter` counts what voided signatures.
 */
type Standing is uint256;

using StandingLib for Standing global;

/**
 * @title StandingLib
 * @notice Reads and changes a {Standing}.
 */
library StandingLib {
    uint256 private constant ONE = 1 << 224;
    uint256 private constant OPT_OUT = 1 << 40;

    function allRevokedAt(Standing standing) internal pure returns (uint40) {
        return uint40(Standing.unwrap(standing));
    }

    function breakGlassOptOut(Standing standing) internal pure returns (bool) {
        return Standing.unwrap(standing) & OPT_OUT != 0;
    }

    function counter(Standing standing) internal pure returns (uint32) {
        return uint32(Standing.unwrap(standing) >> 224);
    }

    /// @notice The standing with the counter raised. The counter is the uppermost field, so it cannot run over into another.
    function raised(Standing standing) internal pure returns (Standing) {
        return Standing.wrap(Standing.unwrap(standing) + ONE);
    }

    function withAllRevokedAt(Standing standing, uint40 allRevokedAt_) internal pure returns (Standing) {
        return Standing.wrap((Standing.unwrap(standing) & ~uint256(type(uint40).max)) | allRevokedAt_);
    }

    function withBreakGlassOptOut(Standing standing, bool optedOut) internal pure returns (Standing) {
        uint256 others = Standing.unwrap(standing) & ~OPT_OUT;
        return Standing.wrap(optedOut ? others | OPT_OUT : others);
    }
}
