// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @notice A consumer's bid in a round of the clearing, in one storage slot:
 *
 *     bits 0-23 bidder | 24-87 alpha | 88-143 c | 144-175 dMin | 176-239 maxPrice | 240 returned
 *
 * `bidder` is the professional number. `alpha`, `c` and `maxPrice` are kept in units of 1e-9 (of a coin, of a record, of a coin), `dMin`
 * in whole records. `returned` says that the escrow went back without a settlement.
 */
type Bid is uint256;

using BidLib for Bid global;

/**
 * @title BidLib
 * @notice Reads and changes a {Bid}.
 */
library BidLib {
    uint256 private constant WAD = 1e18;
    /// @dev What one unit of a kept value is, in wei or WAD.
    uint256 internal constant UNIT = 1e9;
    uint256 private constant RETURNED = 1 << 240;

    function pack(
        uint24 bidder_,
        uint64 alpha_,
        uint56 c_,
        uint32 dMin_,
        uint64 maxPrice_
    ) internal pure returns (Bid) {
        return
            Bid.wrap(
                uint256(bidder_) |
                    (uint256(alpha_) << 24) |
                    (uint256(c_) << 88) |
                    (uint256(dMin_) << 144) |
                    (uint256(maxPrice_) << 176)
            );
    }

    function bidder(Bid bid) internal pure returns (uint24) {
        return uint24(Bid.unwrap(bid));
    }

    /// @notice How much the bidder values records beyond the minimum, in wei of coin.
    function alpha(Bid bid) internal pure returns (uint256) {
        return uint64(Bid.unwrap(bid) >> 24) * UNIT;
    }

    /// @notice The satisfaction's offset, in records, WAD.
    function c(Bid bid) internal pure returns (uint256) {
        return uint56(Bid.unwrap(bid) >> 88) * UNIT;
    }

    /// @notice The least amount, in records, WAD.
    function dMin(Bid bid) internal pure returns (uint256) {
        return leastRecords(bid) * WAD;
    }

    /// @notice {dMin} in whole records.
    function leastRecords(Bid bid) internal pure returns (uint256) {
        return uint32(Bid.unwrap(bid) >> 144);
    }

    /// @notice The price above which the bidder stays out, in wei of coin a record.
    function maxPrice(Bid bid) internal pure returns (uint256) {
        return uint64(Bid.unwrap(bid) >> 176) * UNIT;
    }

    function isReturned(Bid bid) internal pure returns (bool) {
        return Bid.unwrap(bid) & RETURNED != 0;
    }

    function withReturned(Bid bid) internal pure returns (Bid) {
        return Bid.wrap(Bid.unwrap(bid) | RETURNED);
    }

    /**
     * @notice The most that the bid can cost, at whatever price up to its maximum, in wei.
     * @dev At a price p it costs at most `p * dMin + max(0, alpha - c * p)`, which is convex in p: it is greatest at one of the ends.
     */
    function escrow(Bid bid) internal pure returns (uint256) {
        uint256 price = bid.maxPrice();
        uint256 value = bid.alpha();
        uint256 offset = (bid.c() * price) / WAD;
        uint256 atMaximum = bid.leastRecords() * price + (value > offset ? value - offset : 0);
        return value > atMaximum ? value : atMaximum;
    }
}
