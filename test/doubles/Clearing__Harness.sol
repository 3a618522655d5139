// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bid} from "../../contracts/market/Bid.sol";
import {Clearing} from "../../contracts/market/Clearing.sol";
import {Offer} from "../../contracts/market/Offer.sol";
import {SupplyCurve} from "../../contracts/market/SupplyCurve.sol";

/**
 * @title Clearing__Harness
 * @notice The contract's clearing for any bids and offers, so that another implementation can be compared with it.
 */
contract Clearing__Harness {
    using Clearing for Offer[];

    Bid[] private _bids;
    Offer[] private _offers;

    function keep(Bid[] calldata bids, Offer[] calldata offers) external {
        for (uint256 i = 0; i < bids.length; ++i) _bids.push(bids[i]);
        for (uint256 i = 0; i < offers.length; ++i) _offers.push(offers[i]);
    }

    /// @notice All that clearing a round checks, of what is kept.
    function checkKept(uint256 price, uint256 cut, uint8[] calldata merit) external view {
        Offer[] memory offers = _offers;
        Offer[] memory ordered = offers.inMerit(offers.packMerit(merit));
        Clearing.check(_bids, SupplyCurve.curveOf(ordered), price, cut);
    }

    /// @param ordered The offers in order of cost.
    function check(Bid[] calldata bids, Offer[] calldata ordered, uint256 price, uint256 cut) external pure {
        Clearing.check(bids, SupplyCurve.curveOf(ordered), price, cut);
    }

    function packMerit(Offer[] calldata offers, uint8[] calldata merit) external pure returns (uint256) {
        return Clearing.packMerit(offers, merit);
    }

    /// @notice What each bid gets of which offer, as a settlement of all lays it.
    /// @param merit The offers' order, packed.
    function allocate(
        Bid[] calldata bids,
        Offer[] calldata offers,
        uint256 price,
        uint256 cut,
        uint256 merit
    ) external pure returns (Offer[][] memory parts) {
        Offer[] memory ordered = Clearing.inMerit(offers, merit);
        uint256[] memory curve = SupplyCurve.curveOf(ordered);
        parts = new Offer[][](bids.length);
        uint256 place = 0;
        uint256 sold = 0;
        for (uint256 i = 0; i < bids.length; ++i) {
            if (!Clearing.isAdmitted(bids[i], i, price, cut) || !Clearing.isServable(bids[i], curve)) continue;
            (parts[i], place, sold) = ordered.lay(Clearing.demandAt(bids[i], price) / 1e18, place, sold);
        }
    }

    function escrowsOf(Bid[] calldata bids) external pure returns (uint256[] memory escrows) {
        escrows = new uint256[](bids.length);
        for (uint256 i = 0; i < bids.length; ++i) escrows[i] = bids[i].escrow();
    }
}
