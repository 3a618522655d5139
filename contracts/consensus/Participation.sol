// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title Participation
 * @notice Counts, for each seat of an epoch's set, the blocks that it led and the blocks that it signed: eight seats to a slot, each with
 * 32 bits, `signed` in the lower 16 and `led` in the upper 16. A certificate touches three slots for 21 validators.
 */
library Participation {
    /// @notice Blocks of an epoch that are counted: as many as fit a counter.
    uint256 internal constant MAX_BLOCKS = type(uint16).max;

    uint256 private constant SEATS_PER_WORD = 8;
    uint256 private constant SEAT_BITS = 32;
    uint256 private constant LED = 1 << 16;

    /// @notice Adds the work of a range of blocks.
    /// @param words The epoch's counters.
    /// @param seats Seats of the set.
    /// @param signers The seats that signed, as bits.
    /// @param blocks Blocks of the range; all of the epoch's stay within {MAX_BLOCKS}.
    /// @param led Blocks that each seat led, as words like those kept; see {addLeader}.
    function add(
        mapping(uint256 word => uint256) storage words,
        uint256 seats,
        uint256 signers,
        uint256 blocks,
        uint256[] memory led
    ) internal {
        for (uint256 word; word * SEATS_PER_WORD < seats; ++word) {
            uint256 sum = led[word];
            uint256 bits = signers >> (word * SEATS_PER_WORD);
            for (uint256 i; i < SEATS_PER_WORD; ++i) {
                // One bit times at most MAX_BLOCKS, into 16 bits of its own.
                sum += (((bits >> i) & 1) * blocks) << (i * SEAT_BITS);
            }
            if (sum != 0) words[word] += sum;
        }
    }

    /// @notice Memory for {addLeader}.
    /// @param seats Seats of the set.
    function newTally(uint256 seats) internal pure returns (uint256[] memory led) {
        return new uint256[]((seats + SEATS_PER_WORD - 1) / SEATS_PER_WORD);
    }

    /// @notice Notes that `seat` led one block more.
    /// @param led From {newTally}.
    /// @param seat An index of the set.
    function addLeader(uint256[] memory led, uint256 seat) internal pure {
        led[seat / SEATS_PER_WORD] += LED << ((seat % SEATS_PER_WORD) * SEAT_BITS);
    }

    /// @notice What a seat did.
    /// @param words The epoch's counters.
    /// @param seat An index of the set.
    /// @return signed Blocks signed.
    /// @return led Blocks led.
    function countersOf(
        mapping(uint256 word => uint256) storage words,
        uint256 seat
    ) internal view returns (uint256 signed, uint256 led) {
        uint256 counters = words[seat / SEATS_PER_WORD] >> ((seat % SEATS_PER_WORD) * SEAT_BITS);
        return (uint16(counters), uint16(counters >> 16));
    }
}
