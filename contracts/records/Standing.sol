// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @notice What the consent registry keeps of a patient's wallet beside its grants, in one storage slot:
 *
 *     bits 0-39 allRevokedAt | 40-47 breakGlassOptOut | 48-207 the four before allRevokedAt, latest first | 224-255 counter
 *
 * `allRevokedAt` is when the wallet last revoked everything, in seconds; 0 for never. The four times before it are kept because a later
 * one must not hide when a grant ended. `counter` counts what voided signatures.
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
    uint256 private constant EARLIER_OFFSET = 48;
    uint256 private constant EARLIER = (1 << 160) - 1;

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

    /// @notice The first time, of the last five, at which everything was revoked at or after `time`; 0 for none.
    /// @param time In seconds.
    function allRevokedSince(Standing standing, uint256 time) internal pure returns (uint40 first) {
        if (time <= standing.allRevokedAt()) first = standing.allRevokedAt();
        uint256 earlier = (Standing.unwrap(standing) >> EARLIER_OFFSET) & EARLIER;
        for (; earlier != 0 && time <= uint40(earlier); earlier >>= 40) first = uint40(earlier);
    }

    /// @notice The standing with everything revoked at a time not before {allRevokedAt}. Twice in one second counts once.
    function withAllRevokedAt(Standing standing, uint40 allRevokedAt_) internal pure returns (Standing) {
        uint256 last = standing.allRevokedAt();
        if (allRevokedAt_ == last) return standing;
        uint256 word = Standing.unwrap(standing);
        uint256 earlier = (((word >> EARLIER_OFFSET) << 40) | last) & EARLIER;
        uint256 others = word & ~((EARLIER << EARLIER_OFFSET) | type(uint40).max);
        return Standing.wrap(others | (earlier << EARLIER_OFFSET) | allRevokedAt_);
    }

    function withBreakGlassOptOut(Standing standing, bool optedOut) internal pure returns (Standing) {
        uint256 others = Standing.unwrap(standing) & ~OPT_OUT;
        return Standing.wrap(optedOut ? others | OPT_OUT : others);
    }
}
