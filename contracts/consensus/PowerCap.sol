// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title PowerCap
 * @notice Keeps every validator strictly below one third of the voting power, so that no single one can stop the others or decide with
 * one other. Stake above the cap earns but does not vote.
 */
library PowerCap {
    /**
     * @notice The most that any validator of a set may vote with, in the unit of the powers.
     * @dev At most two can hold a third or more. With the largest capped at c and the rest r, c < (c + r) / 3 says 2c < r. With the two
     * largest capped at c and the rest s, c < (2c + s) / 3 says c < s. With at least four validators of power at least 1 the cap is at
     * least 1, and no third one reaches a third.
     * @param largest The largest power.
     * @param second The next largest power.
     * @param total The sum of all powers, of at least four validators, each at least 1.
     */
    function capOf(uint256 largest, uint256 second, uint256 total) internal pure returns (uint256) {
        if (largest * 3 < total) return largest;
        uint256 rest = total - largest;
        uint256 cap = (rest - 1) / 2;
        if (second <= cap) return cap;
        return rest - second - 1;
    }
}
